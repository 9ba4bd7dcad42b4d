#include "build-id.h"

/* BC_BUILD_ID comes from the build script, for this file only. */
const char bcBuildId[] = BC_BUILD_ID;
