// The panel's controls, as docs/sandbox.md names them.

export async function control(method, path, body) {
  const sent = { method, cache: "no-store", credentials: "omit", redirect: "error", headers: {} };
  if (body !== undefined) {
    sent.headers["Content-Type"] = "application/json";
    sent.body = JSON.stringify(body);
  }
  const answer = await fetch(`/_sandbox${path}`, sent);
  const value = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Error(value.errors ? value.errors.join(" ") : value.message || `status ${answer.status}`);
  return value;
}
