// What an app does with the API, typed by openapi.yaml: reads, follows the record, writes, is refused. Takes a JSON object
// of the service's address, keys and names as its one argument; prints one JSON object of what it found.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

declare const process: { argv: string[]; stdout: { write(text: string): void } };

// Lists can be had as tables too: said here once, answers are typed as JSON, and refusals as problems.
type Json = "application/json" | "application/problem+json";
type Problem = components["schemas"]["Problem"];
interface Given {
  base: string;
  member: string;
  resident: string;
  assembly: string;
  commitment: string;
  once: string;
}

const given = JSON.parse(process.argv[2] ?? "{}") as Given;
const reader = createClient<paths, Json>({ baseUrl: given.base });
const signedIn = (key: string) =>
  createClient<paths, Json>({ baseUrl: given.base, headers: { Authorization: `Bearer ${key}` } });
const mine = { params: { path: { reference: given.commitment } } };

function there<Data>(answer: { data?: Data | undefined; error?: Problem | undefined }): Data {
  if (answer.data === undefined) throw new Error(answer.error?.detail ?? "no answer");
  return answer.data;
}

// A list with filters, page by page.
const references: string[] = [];
let cursor: string | undefined;
do {
  const query = { assembly: [given.assembly], page_size: 2, ...(cursor === undefined ? {} : { cursor }) };
  const page = there(await reader.GET("/api/v1/commitments/", { params: { query } }));
  references.push(...page.results.map((row) => row.reference));
  cursor = page.next === null ? undefined : (new URL(page.next).searchParams.get("cursor") ?? undefined);
} while (cursor !== undefined);

// Several values of a filter, words of a fixed list, dates.
const late = there(
  await reader.GET("/api/v1/commitments/", {
    params: { query: { standing: ["no_word", "on_track"], due_before: "2027-01-01", measurable: false } },
  }),
);

// One thing, in full; a copy that is still right is not sent again.
const read = await reader.GET("/api/v1/commitments/{reference}/", mine);
const one = there(read);
const tag = read.response.headers.get("ETag") ?? "";
const again = await reader.GET("/api/v1/commitments/{reference}/", {
  params: { ...mine.params, header: { "If-None-Match": tag } },
});

// Others: registers, recommendations, what was said, the record itself, a table.
const assembly = there(await reader.GET("/api/v1/assemblies/{slug}/", { params: { path: { slug: given.assembly } } }));
const themes = there(await reader.GET("/api/v1/themes/", { params: { query: { assembly: [given.assembly] } } }));
const teams = there(await reader.GET("/api/v1/teams/"));
const recommendations = there(await reader.GET("/api/v1/recommendations/"));
const challenges = there(await reader.GET("/api/v1/challenges/", { params: { query: { state: ["open"] } } }));
const found = there(await reader.GET("/api/v1/search/", { params: { query: { q: "high street" } } }));
const told = there(await reader.GET("/api/v1/events/", { params: { query: { after: 0, page_size: 100 } } }));
const tables = createClient<paths, "text/csv">({ baseUrl: given.base });
const table = (await tables.GET("/api/v1/commitments.csv", { parseAs: "text" })).data ?? "";

// A write with a key, twice under one Idempotency-Key: it has one effect.
const update = {
  params: { ...mine.params, header: { "Idempotency-Key": given.once } },
  body: { body: "Two officers walk.", status: "in_progress" as const },
};
const member = signedIn(given.member);
const first = await member.POST("/api/v1/commitments/{reference}/updates/", update);
const second = await member.POST("/api/v1/commitments/{reference}/updates/", update);

// Refusals are problems, with a stable code and a sentence.
const wrong = await member.POST("/api/v1/commitments/{reference}/updates/", {
  ...mine,
  body: { body: "It is done.", status: "completed" },
});
const forbidden = await signedIn(given.resident).POST("/api/v1/commitments/{reference}/milestones/", {
  ...mine,
  body: { title: "Begin", due_on: "2026-09-01" },
});
const stranger = await reader.POST("/api/v1/keys/", { body: { scopes: ["account:read"] } });
const me = there(await member.GET("/api/v1/me/"));

process.stdout.write(
  JSON.stringify({
    references,
    late: late.results.length,
    owners: one.owners.map((owner) => owner.team),
    due: one.due.on,
    unmodified: again.response.status,
    assembly: assembly.title,
    themes: themes.results.map((theme) => theme.slug),
    teams: teams.results.length,
    recommendations: recommendations.results.length,
    challenges: challenges.results.every((challenge) => challenge.state === "open"),
    found: found.results.length,
    positions: told.results.map((event) => event.position),
    table: table.split(",")[0],
    posted: [first.response.status, second.response.status, there(first).id === there(second).id],
    replayed: second.response.headers.get("Idempotent-Replayed"),
    wrong: [wrong.error?.status, wrong.error?.code, wrong.error?.errors?.[0]?.pointer],
    forbidden: forbidden.error?.code,
    stranger: stranger.error?.code,
    me: me.email,
  }),
);
