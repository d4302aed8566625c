/** What the rules of the documentation are about: pages, their links and their texts. */
import { param, Rule, rule, Task, task } from "millrace";

@task()
export class FetchPage extends Task<{ readonly links: readonly string[]; readonly text: string }> {
  @param() url!: string;
  run(): { readonly links: readonly string[]; readonly text: string } {
    return { links: this.url.endsWith("/about") ? [] : [`${this.url}/about`], text: this.url };
  }
}

interface Text {
  type: "text";
  text: string;
}

@rule()
export class IndexText extends Rule<Text, never> {
  next({ text }: Text): undefined {
    this.log.info(text);
  }
}
