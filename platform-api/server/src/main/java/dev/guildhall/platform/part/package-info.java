/** The other parts of the house: the calls to them and how they are. */
@NullMarked
package dev.guildhall.platform.part;

import org.jspecify.annotations.NullMarked;
