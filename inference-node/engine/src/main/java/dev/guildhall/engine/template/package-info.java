/** Jinja templates as chat models have them: rendered as Python does, within limits, and knowing what was written by whom. */
@NullMarked
package dev.guildhall.engine.template;

import org.jspecify.annotations.NullMarked;
