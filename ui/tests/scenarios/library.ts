/**
 * Owns the scenarios of folders and their photos.
 */
import { ALL } from "../../src/app/places";
import { eventually, failure, fill, heard, holds, idsOf, is, type Scenario } from "./stage";

export const anAddedFolderIsShownAndMadeComparable: Scenario = async (stage) => {
  const { core, folder, photos } = stage;
  is(await core.folders(), []);
  is(await core.photoSummary(), { photos: 0, years: [] });
  const [added] = await core.addFolders([folder]);
  const name = folder.split("/").at(-1);
  const options = { subfolders: true, exclude: [], kinds: null };
  is(added, { path: folder, name, state: "online", message: null, missing: 0, options });
  await eventually(async () => is(await core.indexStatus(), { state: "idle", photos, embedded: photos, failed: 0 }));
  await heard(stage, "folders");
  await heard(stage, "photos");
  await heard(stage, "index");

  is(await core.folders(), [{ id: added?.id, photos }]);
  is(await core.addFolders([folder]), [{ id: added?.id }], "the folder added again");
  is(await core.indexStatus(), {
    trouble: null,
    passes: [{ name: "thumbnail" }, { name: "photo", done: photos }, { name: "regions" }],
  });
  const layout = await core.photoLayout({ what: null, among: ALL, limit: null });
  is([layout.ids.length, layout.takenAt.length, layout.aspects.length], [photos, photos, photos]);
  is([layout.scores.length, layout.notice], [0, null]);
  is(
    [...layout.takenAt],
    [...layout.takenAt].sort((a, b) => b - a),
    "the times",
  );
  is(await core.photoSummary(), { photos });
  const changes = await core.photoChanges(ALL, layout.revision);
  is(changes, { revision: layout.revision, tiles: [], inside: [], removed: [], tooMany: false });
  const all = await core.photoChanges(ALL, 0);
  is(all.tiles.map(({ id }) => id).sort(), [...layout.ids].sort(), "what changed since the beginning");
};

export const tilesComeByIdInTheOrderOfTheQuestion: Scenario = async (stage) => {
  const { core, folder } = stage;
  const ids = await fill(stage);
  const [first = 0, second = 0] = ids;
  const tiles = await core.photoTiles([second, 1_000_000, first]);
  const [home] = await core.folders();
  is(tiles, [{ id: second }, { id: first, folder: home?.id, missing: false, marks: [], embedded: true }]);
  holds(
    tiles.every(({ thumbnail, color }) => thumbnail !== null && color !== null),
    "each has its thumbnail",
  );
  const detail = await core.photo(first);
  is(detail, { tile: tiles[1], problem: null, files: [{ role: "photo", path: detail.path }] });
  holds(
    detail.path === `${folder}/${detail.tile.name}` || detail.path.startsWith(`${folder}/`),
    "it lies in the folder",
  );
  is(await core.photosByPath([detail.path, "/nowhere/at-all.jpg"]), [first]);
  const unknown = { code: "not_found", reason: { code: "photo_not_found", params: {} } };
  is(await failure(core.photo(1_000_000)), unknown);
};

export const aFolderIsRemovedAndComesBackWithItsMarks: Scenario = async (stage) => {
  const { core, folder, photos } = stage;
  const ids = await fill(stage);
  const [id = 0] = ids;
  await core.markPhotos([id], "favourite", true);
  const { revision } = await core.photoChanges(ALL, 0);
  const [home] = await core.folders();
  stage.events.length = 0;
  const edit = await core.removeFolder(home?.id ?? 0);
  is(edit, { code: "folder_removed", params: { path: folder }, undone: false });
  await heard(stage, "photos");
  is(await core.photoSummary(), { photos: 0, marked: { favourite: 0, hidden: 0 } });
  const changes = await core.photoChanges(ALL, revision);
  is([changes.removed.length, changes.tiles], [photos, []]);
  is(await core.removeFolder(home?.id ?? 0), null, "removing it again");

  is(await core.undo(null), { id: edit?.id, undone: true });
  await eventually(async () => is(await core.photoSummary(), { photos, marked: { favourite: 1 } }));
  is(await idsOf(stage, { mark: "favourite" }), [id]);
  is(await core.folders(), [{ path: folder, state: "online" }]);
};

export const aFolderLeavesOutWhatItsOptionsSay: Scenario = async (stage) => {
  const { core, photos } = stage;
  const ids = await fill(stage);
  const [home] = await core.folders();
  const id = home?.id ?? 0;
  const options = { subfolders: false, exclude: ["drafts/"], kinds: null };
  is(await core.setFolderOptions(id, options), { code: "folder_options", undone: false });
  is(await core.folders(), [{ options }]);
  is(await core.setFolderOptions(id, options), null, "the same options");
  const wrong = { ...options, exclude: ["[a-"] };
  const refused = { code: "invalid", reason: { code: "pattern_unusable", params: { pattern: "[a-" } } };
  is(await failure(core.setFolderOptions(id, wrong)), refused);
  is(await failure(core.setFolderOptions(1_000_000, options)), { code: "not_found" });
  is(await core.undo(null), { code: "folder_options", undone: true });
  is(await core.folders(), [{ options: home?.options }]);
  await eventually(async () => is(await core.photoSummary(), { photos }));
  is((await idsOf(stage)).length, ids.length);
};

export const thePauseOfTheIndexingLasts: Scenario = async ({ core, folder, photos }) => {
  await core.cancelIndex();
  await eventually(async () => is(await core.indexStatus(), { state: "stopped", trouble: null }));
  await core.resumeIndex();
  await core.addFolders([folder]);
  await eventually(async () => is(await core.indexStatus(), { state: "idle", photos, embedded: photos }));
};

export const likePhotosComeMostAlikeFirst: Scenario = async (stage) => {
  const { core, photos } = stage;
  const [id = 0, other = 0] = await fill(stage);
  const what = { kind: "photo", id } as const;
  const all = await core.photoLayout({ what, among: ALL, limit: null });
  is([all.ids.length, all.scores.length, all.ids[0]], [photos, photos, id]);
  is(
    [...all.scores],
    [...all.scores].sort((a, b) => b - a),
    "the likenesses",
  );
  holds(Math.abs((all.scores[0] ?? 0) - 1) < 1e-3, "a photo is like itself");
  const few = await core.photoLayout({ what, among: ALL, limit: 5 });
  is([...few.ids], [...all.ids.subarray(0, 5)], "the first five");
  await core.markPhotos([other], "favourite", true);
  const among = await core.photoLayout({ what, among: { ...ALL, mark: "favourite" }, limit: null });
  is([...among.ids], [other], "those among favourites");
  await core.markPhotos([other], "hidden", true);
  const seen = await core.photoLayout({ what, among: ALL, limit: null });
  holds(!seen.ids.includes(other), "hidden photos are no answers");
  const unknown = { code: "not_found", reason: { code: "photo_not_found" } };
  const nobody = { kind: "photo", id: 1_000_000 } as const;
  is(await failure(core.photoLayout({ what: nobody, among: ALL, limit: null })), unknown);
};
