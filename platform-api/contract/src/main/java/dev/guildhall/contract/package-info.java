/** The words that Guildhall's services say to each other: topic names, and the identifiers that events and calls share. */
@NullMarked
package dev.guildhall.contract;

import org.jspecify.annotations.NullMarked;
