/** The words that Guildhall's services say to each other: topic names, and the names of what events and calls share. */
@NullMarked
package dev.guildhall.contract;

import org.jspecify.annotations.NullMarked;
