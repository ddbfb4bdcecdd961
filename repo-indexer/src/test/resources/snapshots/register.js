"use strict";

const crypto = require("node:crypto");

const limits = {
  attemptsMax: 3,
  reset(attempts) {
    return attempts > this.attemptsMax ? 0 : attempts;
  },
};

function hash(password, salt) {
  return crypto.scryptSync(password, salt, 64).toString("hex");
}

class Register {
  #users = new Map();

  enroll(name, password) {
    if (this.#users.has(name)) {
      throw new Error(`user ${name} is enrolled already`);
    }
    const salt = crypto.randomBytes(16);
    this.#users.set(name, { salt, hash: hash(password, salt), attempts: limits.reset(0) });
  }

  static async load(file) {
    const register = new Register();
    for await (const line of lines(file)) {
      register.enroll(...line.split(":"));
    }
    return register;
  }
}

module.exports = { Register, hash };
