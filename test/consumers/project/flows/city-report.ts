/** The flow of all these projects: asks a weather service for every city and writes one line about them. */
import { Flow, flow, param, Task, task } from "millrace";

@task({ id: "FetchForecast", timeout: "30s" })
export class FetchForecast extends Task<number> {
  @param() city!: string;

  async run(): Promise<number> {
    const response = await fetch(`${process.env.WEATHER_URL}/${this.city}`, { signal: this.signal });
    return Number(await response.text());
  }
}

@task({ id: "Summarise" })
export class Summarise extends Task<string> {
  @param() cities!: string[];
  @param() degrees!: number[];

  run(): string {
    return this.cities.map((city, i) => `${city} ${this.degrees[i]}°`).join(", ");
  }
}

@flow({ id: "CityReport" })
export class CityReport extends Flow<string> {
  @param() cities!: string[];

  async run(): Promise<string> {
    const degrees = await this.map(this.cities, (city) => this.call(FetchForecast, { city }), { concurrency: 2 });
    return this.call(Summarise, { cities: this.cities, degrees });
  }
}
