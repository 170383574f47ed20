import { make } from "./controls.js";
import { defineWidget } from "./view.js";
export default defineWidget("feature-explorer", { draw(view) { view.root.append(make("p", {}, "x")); } });
