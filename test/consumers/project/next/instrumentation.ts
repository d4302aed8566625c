/** Next calls this once when the server starts: runs that a restart has cut go on at once, not with the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { engine } = await import("./lib/engine");
  await engine();
}
