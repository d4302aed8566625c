/** What the samples of docs/testing.md are about: cities whose temperatures are asked for at once. */
import { Flow, flow, param, Task, task } from "millrace";

@task
export class Fetch extends Task<number> {
  @param() city!: string;
  async run(): Promise<number> {
    this.log.warn("no service knows %s", this.city);
    await new Promise((resolve) => setImmediate(resolve));
    return this.city.length;
  }
}

@task
export class Render extends Task<string> {
  @param() degrees!: number[];
  run(): string {
    return this.degrees.join(", ");
  }
}

@flow
export class CityReport extends Flow<string> {
  @param() cities!: string[];
  async run(): Promise<string> {
    const degrees = await this.map(this.cities, (city) => this.call(Fetch, { city }));
    return this.call(Render, { degrees });
  }
}
