/** Owns the models of the fake core: two that come with the app, and one that can be added. */
import type { ModelInfo } from "../bindings";
import type { Commands } from "../commands";

function model(id: string, dimension: number, rest: Partial<ModelInfo>): ModelInfo {
  return {
    id,
    dimension,
    bundled: true,
    inUse: false,
    prepared: false,
    words: true,
    license: "Apache-2.0",
    source: "",
    bytes: 9_132_501,
    photos: 0,
    problem: null,
    ...rest,
  };
}

type ModelCommands = Pick<Commands, "models" | "addModel" | "useModel" | "removeModel">;

export function fakeModels(): ModelCommands {
  let models = [
    model("efficientnet-lite0-lite2@1", 2560, { inUse: true, photos: 3000 }),
    model("efficientnet-lite0@1", 1280, { bytes: 18_521_000 }),
  ];
  return {
    models: async () => models,
    async addModel() {
      models = [...models, model("clip@1", 512, { bundled: false, words: false, license: "MIT" })];
      return "clip@1";
    },
    async useModel(id) {
      models = models.map((each) => ({ ...each, prepared: each.id === id && !each.inUse }));
    },
    async removeModel(id) {
      models = models.filter((each) => each.id !== id);
    },
  };
}
