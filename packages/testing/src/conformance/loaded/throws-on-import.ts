/** A module that cannot be loaded. Executors of the suite are given it by address. */
throw new Error("no database at import");
