/** Owns the words for what is known about a photo: when it was taken and how that is known, exposure, second files. */
import type { DateSource, Exposure, PhotoDetail, PhotoFile, Role } from "../../api/bindings";
import { type TextKey, t, words } from "../../app/i18n.svelte";

const DAY_MS = 86_400_000;

const SOURCES: Record<DateSource, TextKey | null> = {
  exif: null,
  xmp: "photo.xmpDate",
  iptc: "photo.iptcDate",
  text: "photo.textDate",
  takeout: "photo.takeoutDate",
  name: "photo.nameDate",
  file: "photo.fileDate",
};

const ROLES: Record<Role, TextKey> = {
  photo: "photo.rolePhoto",
  raw: "photo.roleRaw",
  motion: "photo.roleMotion",
  sidecar: "photo.roleSidecar",
};

/** The date, its zone where known, and where it comes from unless the camera wrote it. */
export function when({ tile, zone, dateSource }: Pick<PhotoDetail, "tile" | "zone" | "dateSource">): string {
  // A name such as IMG-20240131-WA0001 tells the day only.
  const isDayOnly = dateSource === "name" && tile.takenAt % DAY_MS === 0;
  const date = isDayOnly ? words.day(tile.takenAt) : words.moment(tile.takenAt);
  const source = SOURCES[dateSource];
  return [date, zone === null ? "" : zoneText(zone), source === null ? "" : `(${t(source)})`].filter(Boolean).join(" ");
}

/** `UTC+5:45` for 345 minutes. */
export function zoneText(minutes: number): string {
  if (minutes === 0) return "UTC";
  const whole = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  return `UTC${minutes < 0 ? "−" : "+"}${whole}${rest === 0 ? "" : `:${String(rest).padStart(2, "0")}`}`;
}

/** `1/250 s · f/2.8 · 50 mm · ISO 800`, without what is not known. */
export function exposureText({ seconds, aperture, iso, focalMm }: Exposure): string {
  const parts = [
    seconds === null ? "" : `${seconds >= 0.4 ? words.rate(seconds) : `1/${Math.round(1 / seconds)}`} s`,
    aperture === null ? "" : `f/${words.rate(aperture)}`,
    focalMm === null ? "" : `${words.rate(focalMm)} mm`,
    iso === null ? "" : `ISO ${iso}`,
  ];
  return parts.filter(Boolean).join(" · ");
}

/** The files of a photo beside the one that is shown, in words. */
export function seconds(files: PhotoFile[]): { path: string; name: string; role: string; size: string }[] {
  return files.slice(1).map(({ path, role, bytes }) => ({
    path,
    name: path.split(/[\\/]/).at(-1) ?? path,
    role: t(ROLES[role]),
    size: words.bytes(bytes),
  }));
}
