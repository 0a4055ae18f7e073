/**
 * Pretends to draw comics: plans, partial pictures, results and each way to end badly. Never part of the app.
 */
import { HOST, invalid, serviceKeyState, type FakeService } from "./service";
import type {
  Comic,
  ComicPlan,
  ComicProgress,
  ComicRequest,
  ComicVersion,
  ErrorCode,
  ErrorReport,
  KeyState,
  PlannedPicture,
  Reason,
  TaskId,
} from "../bindings";

const REASONS: Partial<Record<ErrorCode, Reason>> = {
  key: { code: "draw_key_refused", params: { host: HOST } },
  refused: { code: "draw_unsafe", params: { host: HOST } },
  cut: { code: "draw_cut", params: { host: HOST } },
  route: { code: "draw_responses_absent", params: { host: HOST, status: 404 } },
  offline: { code: "draw_unsent", params: { host: HOST } },
  service: { code: "draw_failed", params: { host: HOST, status: 500 } },
  keychain: { code: "keychain_missing", params: {} },
  cancelled: { code: "draw_cancelled", params: { host: HOST } },
};

export function failure(code: ErrorCode): ErrorReport {
  const reason = REASONS[code] ?? { code: "failed_internally", params: {} };
  return { code, reason, detail: `scripted failure: ${code}` };
}

/** Who drew the comics of before. */
const PAST: FakeService = {
  host: HOST,
  model: "gpt-image-2.6-sunburst",
  textModel: "gpt-4o",
  route: null,
  key: "session",
};

interface Job {
  plan: ComicPlan;
  request: ComicRequest;
  timers: ReturnType<typeof setTimeout>[];
  /** Previews that came. */
  partials: number;
  ended: boolean;
}

export class FakeComics {
  comics: Comic[] = [];
  deleted = new Set<number>();
  plans = new Map<number, { plan: ComicPlan; request: ComicRequest }>();
  jobs = new Map<TaskId, Job>();
  /** How the next drawing ends; null draws it. */
  fail: ErrorCode | null;
  #pace: number;
  #next = 1;
  #emit: (task: TaskId, progress: ComicProgress) => void;

  constructor(fail: ErrorCode | null, pace: number, emit: (task: TaskId, progress: ComicProgress) => void) {
    this.fail = fail;
    this.#pace = pace;
    this.#emit = emit;
  }

  plan(request: ComicRequest, sizes: { width: number; height: number }[], service: FakeService): ComicPlan {
    if (request.prompt.trim() === "") throw invalid("story_empty");
    if (request.parent === null && request.photos.length === 0) throw invalid("comic_without_photos");
    const id = this.#id();
    const pictures = sizes.map((size, index): PlannedPicture => {
      const scale = Math.min(1, 2048 / Math.max(size.width, size.height));
      const width = Math.round(size.width * scale);
      const height = Math.round(size.height * scale);
      return {
        name: `photo-${index + 1}.jpg`,
        photo: request.photos[index] ?? null,
        width,
        height,
        bytes: Math.round(width * height * 0.21),
      };
    });
    if (request.parent !== null) {
      pictures.unshift({ name: "comic.png", photo: null, width: 1024, height: 1536, bytes: 2_310_000 });
    }
    const isOpenAi = service.host === HOST;
    const route = request.route ?? service.route ?? (isOpenAi ? "responses" : "edits");
    const key = serviceKeyState(service.key, service.host);
    const plan: ComicPlan = {
      plan: id,
      pictures,
      host: service.host,
      route,
      textModel: route === "responses" ? service.textModel : null,
      imageModel: service.model,
      prompt:
        request.layout === "four_panels"
          ? `${request.prompt}\n\nDraw one comic page with four panels of equal size, read from left to right and from top to bottom. Keep the dog of the photos recognisable in every panel.`
          : request.prompt,
      estimate: isOpenAi
        ? {
            lowUsd: 0.04 * (request.quality === "high" ? 4 : 1),
            highUsd: 0.19 * (request.quality === "high" ? 2 : 1),
          }
        : null,
      key,
      hasKey: key !== "missing",
    };
    this.plans.set(id, { plan, request });
    return plan;
  }

  draw(planId: number, key: KeyState): TaskId {
    const planned = this.plans.get(planId);
    if (planned === undefined) throw failure("not_found");
    const task = this.#id();
    const job: Job = { ...planned, timers: [], partials: 0, ended: false };
    this.jobs.set(task, job);
    const later = (steps: number, progress: () => ComicProgress): void => {
      job.timers.push(setTimeout(() => this.#emit(task, progress()), steps * this.#pace));
    };
    const preview = (): ComicProgress => {
      job.partials += 1;
      return { step: "partial", number: job.partials };
    };
    if (serviceKeyState(key, planned.plan.host) === "missing") {
      const reason = { code: "draw_key_wanted", params: { host: planned.plan.host } };
      job.ended = true;
      later(0, () => ({ step: "failed", error: { code: "key", reason, detail: "" }, comic: null }));
      return task;
    }
    later(1, () => ({ step: "sent" }));
    const fail = this.fail === "route" && job.plan.route !== "responses" ? null : this.fail;
    if (fail !== null && fail !== "keychain") {
      if (fail !== "key") this.fail = null;
      if (fail === "cut") later(2, preview);
      later(3, () => this.#breakOff(job, fail));
      return task;
    }
    later(2, () => ({ step: "drawing" }));
    for (let number = 1; number <= 3; number++) later(2 + number * 2, preview);
    later(10, () => this.#finish(job));
    return task;
  }

  isDrawing(): boolean {
    return [...this.jobs.values()].some((job) => !job.ended);
  }

  cancel(task: TaskId): void {
    const job = this.jobs.get(task);
    if (job === undefined) return;
    for (const timer of job.timers) clearTimeout(timer);
    this.#emit(task, this.#breakOff(job, "cancelled"));
  }

  #finish(job: Job): ComicProgress {
    return { step: "done", ...this.#keep(job, false) };
  }

  /** The last preview is kept. */
  #breakOff(job: Job, code: ErrorCode): ComicProgress {
    job.ended = true;
    const comic = job.partials > 0 ? this.#keep(job, true).comic : null;
    return { step: "failed", error: failure(code), comic };
  }

  #keep(job: Job, partial: boolean): { comic: number; version: number } {
    const { request, plan } = job;
    job.ended = true;
    const version: ComicVersion = {
      id: this.#id(),
      parent: request.parent,
      prompt: request.prompt,
      route: plan.route,
      textModel: plan.textModel,
      imageModel: plan.imageModel,
      host: plan.host,
      size: request.size,
      quality: request.quality,
      partial,
      usage: null,
      costUsd: partial ? null : 0.063,
      createdAt: Date.now(),
    };
    const parent = this.comics.find((comic) => comic.versions.some((one) => one.id === request.parent));
    if (parent !== undefined) {
      this.comics = this.comics.map((comic) =>
        comic === parent ? { ...comic, versions: [...comic.versions, version] } : comic,
      );
      return { comic: parent.id, version: version.id };
    }
    const comic: Comic = {
      id: this.#id(),
      title: request.prompt.split("\n")[0] ?? "",
      layout: request.layout,
      photos: request.photos,
      versions: [version],
      createdAt: version.createdAt,
    };
    this.comics = [comic, ...this.comics];
    return { comic: comic.id, version: version.id };
  }

  /** Comics that were drawn before. */
  invent(count: number, prompts: readonly string[], photos: readonly number[]): void {
    for (let n = count; n >= 1; n--) {
      const layout = n % 3 === 0 ? "single" : "four_panels";
      const request: ComicRequest = {
        photos: photos.slice(n * 3, n * 3 + 3),
        prompt: prompts[n % prompts.length] ?? "",
        layout,
        purpose: "final",
        size: n % 2 === 0 ? "1024x1024" : "1024x1536",
        quality: "high",
        parent: null,
        route: null,
      };
      const plan = this.plan(request, [], PAST);
      this.#keep({ request, plan, timers: [], partials: 0, ended: true }, false);
    }
    this.comics = this.comics.map((comic, index) => {
      const createdAt = Date.now() - (index + 1) * 9 * 86_400_000;
      return { ...comic, createdAt, versions: comic.versions.map((version) => ({ ...version, createdAt })) };
    });
  }

  #id(): number {
    this.#next += 1;
    return this.#next;
  }
}
