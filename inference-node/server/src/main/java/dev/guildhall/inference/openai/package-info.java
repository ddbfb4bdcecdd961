/** Chat with the language model, over HTTP as OpenAI's API describes it. */
@NullMarked
package dev.guildhall.inference.openai;

import org.jspecify.annotations.NullMarked;
