import { describe, expect, it } from "vitest";
import type { PhotoDetail } from "../../src/api/bindings";
import { exposureText, seconds, when, zoneText } from "../../src/features/photos/photo-facts";

const tile = (takenAt: number): PhotoDetail["tile"] => ({
  id: 1,
  width: 4,
  height: 3,
  takenAt,
  color: null,
  thumbnail: null,
  name: "a.jpg",
  folder: 1,
  missing: false,
  marks: [],
  embedded: false,
});

describe("the facts of a photo in words", () => {
  it("says the zone, and where the date comes from unless the camera wrote it", () => {
    const evening = tile(Date.UTC(2024, 4, 17, 18, 30));
    expect(when({ tile: evening, zone: 120, dateSource: "exif" })).toMatch(/May 17, 2024.*6:30\sPM UTC\+2$/);
    expect(when({ tile: evening, zone: null, dateSource: "exif" })).toMatch(/PM$/);
    expect(when({ tile: evening, zone: null, dateSource: "file" })).toMatch(/PM \(file date\)$/);
    expect(when({ tile: evening, zone: -210, dateSource: "xmp" })).toMatch(/UTC−3:30 \(date from XMP\)$/);
    const day = tile(Date.UTC(2024, 0, 31));
    expect(when({ tile: day, zone: null, dateSource: "name" })).toBe("January 31, 2024 (date from the file name)");
    expect(when({ tile: day, zone: null, dateSource: "exif" })).toMatch(/12:00\sAM$/);
  });

  it("writes zones as people do", () => {
    expect([0, 345, -300].map(zoneText)).toEqual(["UTC", "UTC+5:45", "UTC−5"]);
  });

  it("writes what is known of the exposure", () => {
    const none = { seconds: null, aperture: null, iso: null, focalMm: null };
    expect(exposureText(none)).toBe("");
    expect(exposureText({ seconds: 1 / 250, aperture: 2.8, iso: 800, focalMm: 50 })).toBe(
      "1/250 s · f/2.8 · 50 mm · ISO 800",
    );
    expect(exposureText({ ...none, seconds: 2.5 })).toBe("2.5 s");
    expect(exposureText({ ...none, seconds: 0.3 })).toBe("1/3 s");
  });

  it("names the second files and what they are", () => {
    const files = seconds([
      { path: "/p/a.HEIC", role: "photo", bytes: 10 },
      { path: "/p/a.MOV", role: "motion", bytes: 2_000_000 },
      { path: "C:\\p\\a.xmp", role: "sidecar", bytes: 4_000 },
    ]);
    expect(files.map(({ name, role, size }) => `${name}: ${role}, ${size}`)).toEqual([
      "a.MOV: Live Photo video, 2 MB",
      "a.xmp: metadata, 4 kB",
    ]);
  });
});
