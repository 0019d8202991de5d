/** Types of a route's parameters, read from its path. */

/** Reads the names that follow a colon up to `/`, `.` or `?`; a trailing `?` makes one optional. */
type TokenNames<P extends string> = P extends `${string}:${infer Rest}`
  ? TokenName<Rest> | TokenNames<Rest>
  : never;

type TokenName<Rest extends string> =
  UpTo<UpTo<UpTo<UpTo<Rest, "/">, ".">, "*">, ":"> extends infer T
    ? T extends `${infer Name}?${string}`
      ? { name: Name; optional: true }
      : { name: T; optional: false }
    : never;

type UpTo<S extends string, Mark extends string> = S extends `${infer Head}${Mark}${string}`
  ? Head
  : S;

type NameOf<T, Optional extends boolean> = T extends {
  name: infer N extends string;
  optional: Optional;
}
  ? N
  : never;

/**
 * The parameters of a route: `PathParams<"/users/:id/:tab?">` is `{ id: string; tab?: string }`.
 * For a path that is not a literal, any name may be there.
 */
export type PathParams<P> = P extends string
  ? string extends P
    ? Readonly<Record<string, string | undefined>>
    : Readonly<
        { [K in NameOf<TokenNames<P>, false>]: string } & {
          [K in NameOf<TokenNames<P>, true>]?: string;
        }
      >
  : Readonly<Record<string, string | undefined>>;
