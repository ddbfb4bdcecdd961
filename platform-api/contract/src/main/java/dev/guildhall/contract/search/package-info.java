/** Code search over the index: the call, its questions and its answers. */
@NullMarked
package dev.guildhall.contract.search;

import org.jspecify.annotations.NullMarked;
