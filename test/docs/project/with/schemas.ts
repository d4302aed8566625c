/** Schemas of another library. */
import type { StandardSchemaV1 } from "millrace";

interface Text extends StandardSchemaV1<string, string> {
  trim(): Text;
  min(length: number): Text;
}
export declare const z: {
  string(): Text;
  object<T>(shape: { readonly [K in keyof T]: StandardSchemaV1<T[K], T[K]> }): StandardSchemaV1<T, T>;
};
export declare const knownStation: StandardSchemaV1<string, string>;
