/** Model files: what is in them, checked before anything of it is used, and mapped rather than read. */
@NullMarked
package dev.guildhall.engine.format;

import org.jspecify.annotations.NullMarked;
