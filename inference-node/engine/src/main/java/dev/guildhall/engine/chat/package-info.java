/** What an answer holds beside its text: thoughts and tool calls, in the forms that chat templates teach. */
@NullMarked
package dev.guildhall.engine.chat;

import org.jspecify.annotations.NullMarked;
