import assert from "node:assert/strict";
import test from "node:test";
import {
  csvOf,
  duration,
  newestWords,
  runOf,
  stopsOf,
} from "../../../signlang_widgets/widgets/training_dashboard/run_data.js";
import { earlierWords } from "../../../signlang_widgets/widgets/training_dashboard/run_legend.js";
import {
  costWords,
  doneShare,
  placeWords,
  stateWords,
} from "../../../signlang_widgets/widgets/training_dashboard/run_progress.js";

const COLUMNS = ["epoch", "train_loss", "test_loss", "train_accuracy", "test_accuracy"];

/** @param {number[][]} rows @param {"float32" | "float64"} dtype */
function wire(rows, dtype) {
  const flat = rows.flat();
  const data = dtype === "float64" ? Float64Array.from(flat) : Float32Array.from(flat);
  return { shape: [rows.length, rows[0]?.length ?? 0], dtype, data: new DataView(data.buffer) };
}

/** Two epochs of two batches each, and one earlier run of one epoch. */
function twoEpochs(every = 1) {
  const epochs = wire([[1, 0.9, 1.25, 0.5, 0.25], [2, 0.5, 0.75, 1, 0.5]], "float64"); // biome-ignore format: a table
  const trace = wire([[0.5, 1, 1.5, 2], [1, 2, 1, 2], [3, 2, 1, 0.5], [3, 2, 0.75, 0.5], [3, 2, 1.25, 0.5]], "float32"); // biome-ignore format: a table
  const before = { number: 1, words: "A, lr 1", epochs: wire([[1, 2, 3, 0.25, 0.125]], "float64"), trace: wire([[1], [2]], "float32") }; // biome-ignore format: a table
  /** @type {Record<string, any>} */
  const state = { curves: { columns: COLUMNS, epochs, trace, every, marks: [[0.5, 0.1]] }, earlier: [before] };
  return runOf(/** @type {any} */ ({ get: (/** @type {string} */ name) => state[name] }));
}

test("a run is read as it was sent", () => {
  const run = twoEpochs();
  assert.deepEqual(run.rows[1], { epoch: 2, train_loss: 0.5, test_loss: 0.75, train_accuracy: 1, test_accuracy: 0.5 });
  assert.deepEqual(Array.from(run.trace.mean), [3, 2, 1, 0.5]);
  assert.equal(run.most, 2);
});

test("reading stops at batches and epochs in order, epochs after their last batch", () => {
  assert.deepEqual(
    stopsOf(twoEpochs(), "loss").map(({ words }) => words()),
    [
      "Epoch 1, batch 1: loss 3",
      "Epoch 1, batch 2: loss 2",
      "Epoch 1: train 0.9, test 1.25; run 1: test 3",
      "Epoch 2, batch 1: loss 1",
      "Epoch 2, batch 2: loss 0.5",
      "Epoch 2: train 0.5, test 0.75",
    ],
  );
  assert.deepEqual(
    stopsOf(twoEpochs(), "accuracy").map(({ words }) => words()),
    ["Epoch 1: train 50.0 %, test 25.0 %; run 1: test 12.5 %", "Epoch 2: train 100.0 %, test 50.0 %"],
  );
});

test("several batches in one point are said to be several", () => {
  const words = stopsOf(twoEpochs(4), "loss").map((stop) => stop.words());
  assert.ok(words.includes("Epoch 2, batch 1: loss 1, mean of 4 batches, 0.75 to 1.25"));
});

test("the newest figures are the last epoch's, before it the last batch's", () => {
  const run = twoEpochs();
  assert.equal(newestWords(run, "accuracy"), "Epoch 2: train 100.0 %, test 50.0 %");
  assert.equal(newestWords({ ...run, rows: [] }, "loss"), "Epoch 2, batch 2: loss 0.5");
  assert.equal(newestWords({ ...run, rows: [] }, "accuracy"), "Measured after each epoch.");
});

test("csv has a line of names and a line an epoch", () => {
  assert.equal(csvOf(twoEpochs()), `${COLUMNS.join(",")}\n1,0.9,1.25,0.5,0.25\n2,0.5,0.75,1,0.5\n`);
});

const STATUS = {
  ...{ state: "running", message: "", epoch: 2, epochs: 4, batch: 3, batches: 6, evaluated: 0, done: 1 },
  ...{ images_per_second: 9412.3, eta_seconds: 14.2, device: "cpu", memory: 400 * 2 ** 20, finishing: false },
};

test("progress in words", () => {
  assert.equal(doneShare(STATUS), 0.375);
  assert.equal(doneShare({ ...STATUS, done: 4 }), 1);
  assert.equal(placeWords(STATUS), "epoch 2 of 4, batch 3 of 6");
  assert.equal(placeWords({ ...STATUS, batch: 6, evaluated: 0.25 }), "epoch 2 of 4, testing 25 %");
  assert.equal(costWords(STATUS), "14 s to go \u00b7 9,410 images/s \u00b7 CPU \u00b7 400 MiB");
  assert.equal(
    costWords({ ...STATUS, images_per_second: null, eta_seconds: null, memory: null, device: "cuda:0" }),
    "cuda:0",
  );
});

test("the state in words", () => {
  assert.equal(stateWords({ ...STATUS, state: "idle" }, null), "Ready to train: 4 epochs of 6 batches.");
  assert.equal(stateWords(STATUS, null), "Training in epoch 2 of 4.");
  assert.equal(
    stateWords({ ...STATUS, finishing: true }, null),
    "Training in epoch 2 of 4. It stops when this epoch is done.",
  );
  assert.match(stateWords(STATUS, { epoch: 1, test_accuracy: 0.5 }), /Epoch 1 ended with a test accuracy of 50.0 %/);
  assert.equal(stateWords({ ...STATUS, state: "finished" }, null), "Ready to go on with epoch 2 of 4.");
  assert.equal(stateWords({ ...STATUS, state: "paused", message: "Paused." }, null), "Paused.");
});

test("durations", () => {
  assert.deepEqual([0.4, 14.2, 61, 3600, 5400].map(duration), [
    "less than 1 s",
    "14 s",
    "1 min 1 s",
    "1 h 0 min",
    "1 h 30 min",
  ]);
  assert.equal(duration(119.7), "2 min 0 s");
});

test("earlier runs in words", () => {
  const [run] = twoEpochs().earlier;
  assert.equal(earlierWords(run), "Run 1: A, lr 1; after 1 epoch test loss 3, accuracy 12.5 %");
  assert.equal(earlierWords({ ...run, rows: [] }), "Run 1: A, lr 1; stopped in its first epoch");
});
