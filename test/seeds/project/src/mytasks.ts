/** The tasks of the ancestor's README, one by one. */
import { param, Task, task } from "millrace";

/** How long a second is, ms: tests need not wait for real ones. */
const SECOND = Number(process.env.SECOND_MS ?? 1_000);

@task()
export class WaitAndSucceed extends Task<void> {
  @param() my_required_string_var!: string;
  @param() my_optional_int_var = 5;

  async run(): Promise<void> {
    await this.shared.set("my_var", `Hello from: ${this.my_required_string_var}!`);
    console.log(`Starting up and sleeping for ${this.my_optional_int_var} seconds!`);
    await new Promise((resolve) => setTimeout(resolve, this.my_optional_int_var * SECOND));
    console.log("Done!");
  }
}

@task()
export class ImmediatelySucceed extends Task<void> {
  run(): void {
    console.log("Success!");
  }
}

@task()
export class FailImmediately extends Task<void> {
  async run(): Promise<void> {
    console.log(`Printing \`my_var\` value: ${await this.shared.get("my_var")}`);
    throw new Error("Let this be caught by Flowmancer");
  }
}

type Protocol = "HTTP" | "HTTPS";

interface APIDetails {
  protocol?: Protocol;
  base_url: string;
  endpoint: string;
}

@task()
export class DownloadDataFromRestApi extends Task<string> {
  @param() api_details!: APIDetails;
  @param() target_dir!: string;
  @param() target_filename = "data.json";

  run(): string {
    const { protocol = "HTTPS", base_url, endpoint } = this.api_details;
    return `${protocol.toLowerCase()}://${base_url}${endpoint} > ${this.target_dir}/${this.target_filename}`;
  }
}

@task()
export class DoSomething extends Task<string> {
  @param() some_required_param!: string;
  @param() added_optional_param = 0;

  run(): string {
    return `${this.some_required_param} ${this.added_optional_param}`;
  }
}

@task()
export class Cleanup extends Task<string> {
  run(): string {
    return "clean";
  }
}
