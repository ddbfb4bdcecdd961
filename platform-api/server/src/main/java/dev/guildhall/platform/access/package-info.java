/** Who is calling, what they may do, and the record of what they did. */
@NullMarked
package dev.guildhall.platform.access;

import org.jspecify.annotations.NullMarked;
