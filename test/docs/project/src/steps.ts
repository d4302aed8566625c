/** Steps of flow bodies that the documentation shows a piece of. */
import { param, Task, task } from "millrace";

export interface Row {
  readonly day: string;
}

@task()
export class ReadTable extends Task<Row[]> {
  @param() file!: string;
  run(): Row[] {
    return [{ day: this.file }];
  }
}

@task()
export class Aggregate extends Task<number> {
  @param() rows!: Row[];
  @param() day!: string;
  run(): number {
    return this.rows.filter(({ day }) => day === this.day).length;
  }
}

@task()
export class Merge extends Task<number> {
  @param() parts!: number[];
  run(): number {
    return this.parts.length;
  }
}

@task()
export class AskOslo extends Task<string> {
  @param() question!: string;
  run(): string {
    return this.question;
  }
}

@task()
export class WatchQuota extends Task<void> {
  @param() account!: string;
  run(): void {
    this.log.info(this.account);
  }
}

@task()
export class Import extends Task<number> {
  @param() batch!: number;
  run(): number {
    return this.batch;
  }
}

@task()
export class Book extends Task<string> {
  @param() item!: string;
  run(): string {
    return this.item;
  }
}

@task()
export class Charge extends Task<void> {
  @param() by!: string;
  run(): void {
    this.log.info(this.by);
  }
}
