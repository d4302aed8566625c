/** What schedulers, job graphs, job files and secrets of the documentation are about: weather, fetched, told and kept. */
import { Flow, flow, param, type Secret, Task, task } from "millrace";

export interface Forecast {
  readonly days: readonly { readonly max: number }[];
}

@task()
export class FetchForecast extends Task<Forecast> {
  @param() city!: string;
  run(): Forecast {
    return { days: [{ max: this.city.length }] };
  }
}

@task()
export class Summarise extends Task<string> {
  @param() forecast!: Forecast;
  run(): string {
    return `${this.forecast.days.length} days`;
  }
}

@task()
export class SendMail extends Task<string> {
  @param() to!: { readonly name: string; readonly address?: string };
  @param() body!: string;
  run(): string {
    return `${this.to.name}: ${this.body}`;
  }
}

@task()
export class Cleanup extends Task<void> {
  run(): void {}
}

@task()
export class KeepDays extends Task<number> {
  @param() days!: number;
  run(): number {
    return this.days;
  }
}

@flow()
export class Archive extends Flow<number> {
  @param() day?: { readonly max: number };
  run(): Promise<number> {
    return this.call(KeepDays, { days: this.day === undefined ? 0 : 1 });
  }
}

@task()
export class FetchWithKey extends Task<string> {
  @param() apiKey!: Secret<string>;
  async run(): Promise<string> {
    return (await this.apiKey.reveal()).slice(0, 1);
  }
}

@flow()
export class Forecasts extends Flow<string[]> {
  @param() cities!: string[];
  @param() apiKey!: Secret<string>;
  run(): Promise<string[]> {
    return this.map(this.cities, () => this.call(FetchWithKey, { apiKey: this.apiKey }));
  }
}
