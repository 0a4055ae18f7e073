/**
 * Owns the scenarios of marks, and of what a person does and takes back.
 */
import { ALL } from "../../src/app/places";
import { failure, fill, heard, holds, idsOf, is, type Scenario } from "./stage";

export const marksAreSetToldAndTakenBack: Scenario = async (stage) => {
  const { core } = stage;
  const [first = 0, second = 0] = await fill(stage);
  const { revision } = await core.photoLayout({ what: null, among: ALL, limit: null });
  stage.events.length = 0;
  const edit = await core.markPhotos([first, second], "favourite", true);
  is(edit, { code: "mark_set", params: { count: 2, mark: "favourite" }, undone: false });
  await heard(stage, "photos");
  is(await core.markPhotos([first, second], "favourite", true), null, "marking them again");
  is(await core.markPhotos([1_000_000], "favourite", true), null, "marking nothing");
  const changes = await core.photoChanges(ALL, revision);
  is(changes, {
    tiles: [
      { id: first, marks: ["favourite"] },
      { id: second, marks: ["favourite"] },
    ],
    removed: [],
  });
  is([...changes.inside].sort(), [first, second].sort());
  is(await core.photoSummary(), { marked: { favourite: 2 } });
  is(await idsOf(stage, { mark: "favourite" }), [first, second]);

  is(await core.undo(null), { id: edit?.id, code: "mark_set", undone: true });
  is(await core.photoSummary(), { marked: { favourite: 0 } });
  is(await core.redo(null), { id: edit?.id, undone: false });
  is(await core.photoSummary(), { marked: { favourite: 2 } });
  is(await core.markPhotos([first], "favourite", false), { code: "mark_unset", params: { count: 1 } });
  is(await idsOf(stage, { mark: "favourite" }), [second]);
};

export const hiddenPhotosAreOnlyInTheirPlace: Scenario = async (stage) => {
  const { core, photos } = stage;
  const [first = 0, ...others] = await fill(stage);
  const { revision } = await core.photoLayout({ what: null, among: ALL, limit: null });
  is(await core.markPhotos([first], "hidden", true), { code: "mark_set", params: { count: 1, mark: "hidden" } });
  is(await idsOf(stage), others);
  is(await idsOf(stage, { mark: "hidden" }), [first]);
  const changes = await core.photoChanges(ALL, revision);
  is(changes, { tiles: [{ id: first, marks: ["hidden"] }], inside: [] });
  is(await core.photoSummary(), { photos: photos - 1, marked: { hidden: 1 } });
  await core.undo(null);
  is(await idsOf(stage), [first, ...others]);
};

export const theHistoryKnowsWhatWasDone: Scenario = async (stage) => {
  const { core, folder } = stage;
  is(await core.edits(), []);
  is([await core.undo(null), await core.redo(null)], [null, null]);
  const [first = 0, second = 0] = await fill(stage);
  const one = await core.markPhotos([first], "favourite", true);
  const two = await core.markPhotos([second], "favourite", true);
  const added = { code: "folder_added", params: { path: folder } };
  is(await core.edits(), [{ id: two?.id }, { id: one?.id }, added]);
  // Any of them, not only the last.
  is(await core.undo(one?.id ?? 0), { id: one?.id, undone: true });
  is(await idsOf(stage, { mark: "favourite" }), [second]);
  is(await core.edits(), [{ undone: false }, { id: one?.id, undone: true }, { undone: false }]);
  is(await core.redo(null), { id: one?.id, undone: false });
  is(
    (await core.edits()).map(({ undone }) => undone),
    [false, false, false],
  );
  // What is done anew takes away what could be made again.
  await core.undo(null);
  const three = await core.markPhotos([first], "hidden", true);
  is(await core.redo(null), null);
  is((await core.edits())[0], { id: three?.id });
  holds(
    (await core.edits()).every(({ undone }) => !undone),
    "nothing is left to make again",
  );
  is(await failure(core.undo(1_000_000)), { code: "not_found" });
};
