/**
 * Owns the making of comics: the review before anything leaves the machine, the drawings under way, and the comics
 * that were made.
 */
import type { Backend } from "../../api/backend";
import type {
  Comic,
  ComicId,
  ComicPlan,
  ComicProgress,
  ComicRequest,
  ErrorReport,
  Event,
  TaskId,
  VersionId,
} from "../../api/bindings";
import { toReport } from "../../api/errors";
import { Fetched } from "../../app/fetched.svelte";

export type DrawingStep = "waiting" | "sent" | "drawing" | "partial" | "done" | "failed";

/** What is looked at before it is sent. */
export class Review {
  readonly request: ComicRequest;
  /** The comic that is changed, if it is a change. */
  readonly comic: ComicId | null;
  /** The service refused the key, so ask for another one though there is one. */
  readonly askKey: boolean;
  plan = new Fetched<ComicPlan>();
  sending = $state(false);
  error = $state.raw<ErrorReport | null>(null);

  constructor(request: ComicRequest, comic: ComicId | null, askKey: boolean) {
    this.request = request;
    this.comic = comic;
    this.askKey = askKey;
  }
}

/** One drawing from sending to its end. */
export class Drawing {
  readonly task: TaskId;
  readonly request: ComicRequest;
  readonly plan: ComicPlan;
  readonly startedAt = Date.now();
  /** The comic that is changed, or that came out. */
  comic = $state<ComicId | null>(null);
  version = $state<VersionId | null>(null);
  step = $state<DrawingStep>("waiting");
  /** Number of the newest partial picture; 0 while there is none. */
  partial = $state(0);
  error = $state.raw<ErrorReport | null>(null);
  endedAt = $state<number | null>(null);
  cancelling = $state(false);
  running = $derived(this.endedAt === null);

  constructor(task: TaskId, request: ComicRequest, plan: ComicPlan, comic: ComicId | null) {
    this.task = task;
    this.request = request;
    this.plan = plan;
    this.comic = comic;
  }

  take(progress: ComicProgress): void {
    if (!this.running) return;
    this.step = progress.step;
    if (progress.step === "partial") this.partial = Math.max(this.partial, progress.number);
    if (progress.step === "done") {
      this.comic = progress.comic;
      this.version = progress.version;
      this.endedAt = Date.now();
    }
    if (progress.step === "failed") {
      this.comic = progress.comic ?? this.comic;
      this.error = progress.error;
      this.endedAt = Date.now();
    }
  }
}

export class Studio {
  review = $state.raw<Review | null>(null);
  drawings = $state.raw<readonly Drawing[]>([]);
  comics = new Fetched<Comic[]>();

  #backend: Backend;
  #onEnd: (drawing: Drawing) => void;
  #onStray: (progress: ComicProgress) => void;
  /** Progress can overtake the answer that names its task. */
  #early = new Map<TaskId, ComicProgress[]>();

  /** Stray progress is of a drawing that was sent before the page was loaded anew. */
  constructor(
    backend: Backend,
    onEnd: (drawing: Drawing) => void = () => undefined,
    onStray: (progress: ComicProgress) => void = () => undefined,
  ) {
    this.#backend = backend;
    this.#onEnd = onEnd;
    this.#onStray = onStray;
  }

  async loadComics(): Promise<void> {
    await this.comics.load(() => this.#backend.comics());
  }

  comic(id: ComicId): Comic | null {
    return this.comics.value?.find((comic) => comic.id === id) ?? null;
  }

  drawing(task: TaskId): Drawing | null {
    return this.drawings.find((drawing) => drawing.task === task) ?? null;
  }

  /** The newest drawing of a comic, if it runs or failed. */
  drawingOf(comic: ComicId): Drawing | null {
    const newest = this.drawings.findLast((drawing) => drawing.comic === comic);
    return newest === undefined || newest.step === "done" ? null : newest;
  }

  /** Opens the review: plans, sends nothing. */
  async prepare(request: ComicRequest, comic: ComicId | null = null, askKey = false): Promise<void> {
    const review = new Review(request, comic, askKey);
    this.review = review;
    await review.plan.load(() => this.#backend.planComic(request));
  }

  closeReview(): void {
    this.review = null;
  }

  /** Sends the plan of the open review. Answers the drawing, or null if it could not begin. */
  async send(): Promise<Drawing | null> {
    const review = this.review;
    const plan = review?.plan.value ?? null;
    if (review === null || plan === null || review.sending) return null;
    review.sending = true;
    review.error = null;
    try {
      const task = await this.#backend.drawComic(plan.plan);
      const drawing = new Drawing(task, review.request, plan, review.comic);
      this.drawings = [...this.drawings, drawing];
      this.review = null;
      for (const progress of this.#early.get(task) ?? []) this.#advance(drawing, progress);
      this.#early.delete(task);
      return drawing;
    } catch (thrown) {
      review.error = toReport(thrown);
      return null;
    } finally {
      review.sending = false;
    }
  }

  take(event: Extract<Event, { kind: "comic" }>): void {
    const drawing = this.drawing(event.task);
    if (drawing !== null) this.#advance(drawing, event.progress);
    else if (this.review?.sending === true) {
      this.#early.set(event.task, [...(this.#early.get(event.task) ?? []), event.progress]);
    } else this.#onStray(event.progress);
  }

  async cancel(drawing: Drawing): Promise<void> {
    drawing.cancelling = true;
    try {
      await this.#backend.cancelComic(drawing.task);
    } finally {
      drawing.cancelling = false;
    }
  }

  dismiss(drawing: Drawing): void {
    this.drawings = this.drawings.filter((one) => one !== drawing);
  }

  #advance(drawing: Drawing, progress: ComicProgress): void {
    const ran = drawing.running;
    drawing.take(progress);
    if (ran && !drawing.running) this.#onEnd(drawing);
  }
}
