/**
 * Invents what is known of each fake photo. Never part of the app.
 */
import type { Folder, PhotoDetail, PhotoFile, PhotoId } from "../bindings";
import type { FakePhoto } from "./library";
import { randomFrom } from "./scenes";

const CAMERAS = ["Canon EOS R6", "Pixel 8", "FUJIFILM X-T5", "iPhone 15 Pro", null];

function filesOf(id: PhotoId, path: string): PhotoFile[] {
  const files: PhotoFile[] = [{ path, role: "photo", bytes: 3_000_000 }];
  const beside = path.replace(/\.\w+$/, "");
  if (id % 4 === 0) files.push({ path: `${beside}.MOV`, role: "motion", bytes: 2_100_000 });
  if (id % 4 === 0) files.push({ path: `${beside}.xmp`, role: "sidecar", bytes: 4_200 });
  return files;
}

export function detailOf(photo: FakePhoto, folder: Folder): PhotoDetail {
  const { tile } = photo;
  const random = randomFrom(tile.id + 5);
  const path = `${folder.path}/${new Date(tile.takenAt).getUTCFullYear()}/${tile.name}`;
  return {
    tile,
    path,
    copies: tile.id % 11 === 0 ? [`${folder.path}/backup/${tile.name}`] : [],
    bytes: Math.floor(1_400_000 + random() * 6_000_000),
    format: "JPEG",
    files: filesOf(tile.id, path),
    dateSource: tile.id % 9 === 0 ? "file" : "exif",
    zone: tile.id % 9 === 0 ? null : 120,
    camera: CAMERAS[tile.id % CAMERAS.length] ?? null,
    lens: tile.id % 3 === 0 ? "24–70 mm F2.8" : null,
    exposure: { seconds: 1 / 250, aperture: 2.8, iso: 400, focalMm: 35 },
    rating: tile.id % 4 === 0 ? 1 + (tile.id % 5) : null,
    keywords: tile.id % 4 === 0 ? ["Cola", "sofa"] : [],
    description: tile.id % 4 === 0 ? "Cola asleep on the sofa" : null,
    gps: null,
    problem: null,
  };
}
