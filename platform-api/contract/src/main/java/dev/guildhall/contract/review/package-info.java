/** What a review consists of: findings, what was read, what it cost; and the call that hands out its files. */
@NullMarked
package dev.guildhall.contract.review;

import org.jspecify.annotations.NullMarked;
