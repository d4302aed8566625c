import { defineFlow, defineTask, type Flow } from "millrace";
import { origin } from "./origin.js";
import type { Shape } from "./shape.js";

interface Measured {
  readonly value: number;
  readonly unit?: string;
}

interface MeasuredOften extends Measured {
  readonly times?: number;
}

async function measured({ value, unit = "m" }: Measured): Promise<string> {
  return `${origin()}: ${value} ${unit}`;
}

export const measure = defineTask({ id: "Measure", run: measured });

export const measureOften = defineTask({
  id: "MeasureOften",
  run: async ({ unit = "km", times = 1, ...rest }: MeasuredOften) =>
    `${await measured({ ...rest, unit })}, ${times} times`,
});

interface Surveyed {
  readonly value: number;
}

export const survey = defineFlow({
  id: "Survey",
  run: ({ value }: Surveyed, flow) => flow.call(measure, { value }),
});

interface SurveyedLong extends Surveyed {
  readonly times: number;
}

async function surveyLong({ value, times }: SurveyedLong, flow: Flow): Promise<string> {
  return `${origin()}: ${await flow.call(measureOften, { value, times })}`;
}

export const longSurvey = defineFlow({ id: "LongSurvey", run: surveyLong });

export const shape: Shape = {
  start: (engine) => engine.start(longSurvey, { value: 3, times: 2 }).result(),
  expected: "3 km, 2 times",
};
