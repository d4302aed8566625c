import { Flow, flow, param, Task, task } from "millrace";
import { origin } from "./origin.js";
import type { Shape } from "./shape.js";

@task()
export class Measure extends Task<string> {
  @param() value!: number;
  @param() unit = "m";

  async run(): Promise<string> {
    return `${origin()}: ${this.value} ${this.unit}`;
  }
}

@task()
export class MeasureOften extends Measure {
  override unit = "km";
  @param() times = 1;

  override async run(): Promise<string> {
    return `${await super.run()}, ${this.times} times`;
  }
}

@flow()
export class Survey extends Flow<string> {
  @param() value!: number;

  async run(): Promise<string> {
    return `${origin()}: ${await this.call(Measure, { value: this.value })}`;
  }
}

@flow()
export class LongSurvey extends Survey {
  @param() times!: number;

  override async run(): Promise<string> {
    return `${origin()}: ${await this.call(MeasureOften, { value: this.value, times: this.times })}`;
  }
}

export const shape: Shape = {
  start: (engine) => engine.start(LongSurvey, { value: 3, times: 2 }).result(),
  expected: "3 km, 2 times",
};
