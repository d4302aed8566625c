import type { ReactNode } from "react";

export default function Page(): ReactNode {
  return <p>POST /reports/&lt;id&gt;?city=Oslo</p>;
}
