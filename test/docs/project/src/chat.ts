/** What docs/streams.md listens to. */
import { Flow, flow, param, Task, task } from "millrace";

@task()
export class Say extends Task<string> {
  @param() question!: string;
  run(): string {
    for (const word of this.question.split(" ")) this.emit({ word });
    return this.question;
  }
}

@flow()
export class Chat extends Flow<string> {
  @param() question!: string;
  run(): Promise<string> {
    return this.call(Say, { question: this.question });
  }
}
