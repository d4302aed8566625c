// A thread of the bare script that memory is compared with: the libraries that a thread of the engine loads, and nothing else.
import "reflect-metadata";
import { Packr } from "msgpackr";

const packr = new Packr();

export default function work(x) {
  return packr.pack({ x }).length;
}
