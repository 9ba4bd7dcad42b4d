/**
 * The functions the host provides, declared to emscripten's linker, which would take them for forgotten ones; the
 * host gives the real ones when it makes an instance (firmware/build/engine.ts).
 */
mergeInto(LibraryManager.library, {
	bc_host_chacha20_poly1305_open: () => 0,
	bc_host_chacha20_poly1305_seal: () => {},
	bc_host_ed25519_public: () => {},
	bc_host_ed25519_sign: () => {},
	bc_host_ed25519_verify: () => 0,
	bc_host_hmac_sha256: () => {},
	bc_host_x25519_public: () => {},
	bc_host_x25519_shared: () => 0,
});
