import { describe, expect, it } from "vitest";
import { notShown } from "../../src/features/photos/others";
import { words } from "../../src/app/i18n.svelte";

describe("files that are no photos", () => {
  it("are told by kind, but for those that belong to photos", () => {
    expect(notShown({})).toBe("");
    expect(notShown({ sidecar: 12, motion: 3 })).toBe("");
    expect(notShown({ video: 5, sidecar: 12 })).toBe("5 videos not shown");
    expect(notShown({ document: 1, video: 1, other: 2 })).toBe("1 video, 1 document, and 2 other files not shown");
    words.locale = "es";
    expect(notShown({ video: 1, document: 2 })).toBe("Sin mostrar: 1 vídeo y 2 documentos");
    words.locale = "en";
  });
});
