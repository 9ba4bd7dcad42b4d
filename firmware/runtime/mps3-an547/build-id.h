#ifndef BC_BUILD_ID_H
#define BC_BUILD_ID_H

/* What the image was made from: the first hexadecimal digits of a hash over all its inputs. */
extern const char bcBuildId[];

#endif
