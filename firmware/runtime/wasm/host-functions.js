/**
 * The functions the host provides, declared to emscripten's linker, which would take them for forgotten ones; the
 * host gives the real ones when it makes an instance (firmware/build/engine.ts).
 */
mergeInto(LibraryManager.library, {
	bc_host_ed25519_public: () => {},
	bc_host_ed25519_sign: () => {},
	bc_host_ed25519_verify: () => 0,
});
