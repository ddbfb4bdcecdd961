package dev.guildhall.engine.cache;

/**
 * What besides its tokens tells computed text apart: nothing that was computed in one scope is found in another.
 *
 * @param adapter empty for the model as it is
 * @param ropeFactor by which the context is stretched
 * @param salt of the caller, so that none can tell by the time it takes what another has asked
 */
public record CacheScope(String adapter, double ropeFactor, String salt) {}
