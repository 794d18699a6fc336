/**
 * The shapes of the sync protocol and of the extension's own records, as JSDoc types.
 *
 * Holds no code. The protocol is the contract with the server: a change here is a change there.
 */

/** @typedef {"entry" | "highlight" | "tag" | "list"} ObjectType what a device may write */
/** @typedef {"put" | "delete" | "restore"} Verb */
/** @typedef {Record<string, any>} Fields the fields of one object, by name */
/** @typedef {Record<string, string[]>} Members set members to add or remove, by field */

/** The version of an object that this device had seen in an epoch which the server lost.
 * @typedef {{epoch: string, version: number}} Seen */

/**
 * One op as it is pushed; `base` is the object's version that this device had seen, 0 for none. A `whole` one is no wish:
 * it says how the object was at the version that it has `seen`.
 * @typedef {{id: string, type: ObjectType, key: string, op: Verb, base: number, hlc: string,
 *   set?: Fields, add?: Members, del?: Members, seen?: Seen, whole?: true}} Op
 */

/** @typedef {{schema: 1, library_id: string, device_id: string, first_seq: number, ops: Op[], epoch?: string}} PushWish */

/** @typedef {"applied" | "merged" | "superseded" | "unchanged" | "duplicate" | "held" | "rejected" | "retry"} OpStatus */

/**
 * What became of one op; `after` is in seconds, `object` what the server holds where it differs from what was sent.
 * @typedef {{id: string, status: OpStatus, version?: number, lost?: string[], code?: string, after?: number,
 *   in_trash?: boolean, object?: Change}} OpResult
 */

/** @typedef {{epoch: string, version: number, server_time: string, acked_seq: number, results: OpResult[]}} PushAnswer */

/**
 * One object of the feed at its latest version.
 * @typedef {{type: ObjectType | "paper", key: string, version: number, data?: Fields, deleted?: boolean,
 *   merged_into?: string}} Change
 */

/**
 * A page of the feed; `commit` is [version, tag], `commits` those before it that the page passes, `acks` the highest
 * sequence taken of each device.
 * @typedef {{epoch: string, changes: Change[], cursor: string, more: boolean, upto: number, commit: [number, string],
 *   commits?: [number, string][], acks: Record<string, number>, server_time: string}} PullPage
 */

/** A digest: the library's version, and (count, sum) of each of 256 buckets.
 * @typedef {{version: number, buckets: [number, number][]}} DigestAnswer */

/** A page of one bucket's objects; a null `cursor` ends it.
 * @typedef {{version: number, changes: Change[], cursor: string | null}} BucketPage */

/** A deletion that the server holds until somebody says whether it was meant.
 * @typedef {{id: string, type: ObjectType, key: string, op: Verb, group: string | null, device_id: string,
 *   held_at: string}} HeldOp */

/** @typedef {{version: number, results: OpResult[]}} SettleAnswer */

/** How many were settled at once, and whether to ask again for the rest.
 * @typedef {{version: number, settled: number, more: boolean}} SettledAll */

/** @typedef {{device_code: string, user_code: string, verification_uri: string, verification_uri_complete?: string,
 *   expires_in: number, interval?: number}} DeviceAuthorization RFC 8628 3.2 */

/** @typedef {{access_token: string, token_type: string, expires_in: number, refresh_token: string, device_id?: string,
 *   library_id?: string}} TokenAnswer RFC 6749 5.1, and whose it is */

/**
 * What a page says about itself.
 * @typedef {{title: string, canonical: string | null, lang: string | null, content_type: string | null,
 *   metas: [string, string][], jsonld: object[], links: [string, string][], text: string}} Page
 */

/** @typedef {{type: "TextQuoteSelector", exact: string, prefix: string, suffix: string}} TextQuote */
/** @typedef {{type: "TextPositionSelector", start: number, end: number}} TextPosition */
/** @typedef {{type: "XPathSelector", value: string, refinedBy?: TextPosition}} NodePath */
/** @typedef {{type: "RangeSelector", startSelector: NodePath, endSelector: NodePath}} RangePath */
/** @typedef {{type: "FragmentSelector", value: string, conformsTo?: string}} Fragment */
/** A page of a PDF by its place, from 0, and what it calls itself. @typedef {{type: "PageSelector", index: number, label: string}} PageLabel */
/** @typedef {TextQuote | TextPosition | RangePath | Fragment | PageLabel | {type: string}} Selector */

/** An outside resource of a paper, as the server found it. @typedef {{kind: string, url: string, status: string}} PaperLink */

/** A paper that trends, and why. @typedef {{paper: Fields, reasons: string[], people: number}} Trend */

/** What the popup can show of a save before the server knows the paper.
 * @typedef {{names: string[], title: string, authors: string[]}} Hint */

/** A change as the extension's parts ask for it.
 * @typedef {{type: ObjectType, key: string, op: Verb, set?: Fields, add?: Members, del?: Members, hint?: Hint}} Wish */

/** What is given back to a server that lost it. @typedef {Wish & {base: number, seen: Seen, whole: true}} Gift */

/**
 * An op in the outbox. `stamp` is the clock's part of the HLC; `library` is null until the op has one; `seq` and
 * `device` are null until the op is first sent. `waiting`: not answered yet; `taken`: answered, not yet in the mirror.
 * @typedef {{order?: number, id: string, type: ObjectType, key: string, op: Verb, base: number, stamp: string,
 *   set: Fields, add: Members, del: Members, hint: Hint | null, library: string | null, device: string | null,
 *   seq: number | null, state: "waiting" | "taken" | "refused" | "held", code: string | null, not_before: number,
 *   made_at: number, tried?: true, seen?: Seen, whole?: true}} Waiting `tried`: some server may have it
 */

/**
 * An object in the mirror; `names` are the identifiers it answers to (`scheme:value`), `paper` and `tags` an entry's,
 * `entry` a highlight's; `stale` while a fresh start has not met it again.
 * @typedef {Change & {names: string[], paper?: string, tags?: string[], entry?: string, stale?: 1}} Row
 */

/**
 * A row that no server shows any more, kept for a while with what brings it back; times in Unix milliseconds.
 * @typedef {Row & {kept_at: number, library: string | null, hint: Hint | null, page?: Page | null}} Binned
 */

/** How one round of sync went, or several that were alike.
 * @typedef {{number?: number, at: number, since: number, times: number, took: number, pushed: number, pulled: number,
 *   trouble: string | null}} Contact `at`, `since` Unix milliseconds, `took` milliseconds */

/**
 * What the user sees of one object: the mirror's row with the outbox laid over it.
 * @typedef {{key: string, type: ObjectType, data: Fields, deleted: boolean, waiting: boolean, hint: Hint | null}} View
 */

export {};
