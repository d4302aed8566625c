/** A token of docs/rule-classes.md. */
export interface Found {
  type: "found";
  url: string;
  title: string;
}
