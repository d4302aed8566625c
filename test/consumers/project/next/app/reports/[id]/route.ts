/** Starts the flow and answers its result: by class, or by name with `?by=name`. */
import { CityReport } from "../../../flows/city-report";
import { engine } from "../../../lib/engine";

export async function POST(request: Request, context: { readonly params: Promise<{ id: string }> }): Promise<Response> {
  const { id } = await context.params;
  const query = new URL(request.url).searchParams;
  const cities = query.getAll("city");
  const flows = await engine();
  const run =
    query.get("by") === "name"
      ? flows.start("CityReport", { cities }, { id })
      : flows.start(CityReport, { cities }, { id });
  return Response.json({ report: await run.result() });
}
