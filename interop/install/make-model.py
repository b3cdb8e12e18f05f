"""Writes a Llama model of random weights as GGUF: small, yet slow enough that a token takes some milliseconds.

Its words are `w0 w1 …`, each a token. Tokens that are no words (controls, single bytes) get no weight in the output,
so that each token it writes is one visible piece of text.
"""

import sys

import gguf
import numpy as np

LAYERS, WIDTH, HEADS, FEED_FORWARD = 32, 64, 4, 128
CONTROLS, BYTES, WORDS = 3, 256, 1789
VOCABULARY = CONTROLS + BYTES + WORDS
CONTEXT = 32768

random = np.random.default_rng(42)


def weights(rows: int, columns: int) -> np.ndarray:
    return (random.standard_normal((rows, columns)) / np.sqrt(columns)).astype(np.float32)


def add_vocabulary(model: gguf.GGUFWriter) -> None:
    kind = gguf.TokenType
    words = [f"\u2581w{index}" for index in range(WORDS)]
    model.add_tokenizer_model("llama")
    model.add_token_list(["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(BYTES)), *words])
    model.add_token_types([kind.UNKNOWN, kind.CONTROL, kind.CONTROL] + [kind.BYTE] * BYTES + [kind.NORMAL] * WORDS)
    model.add_token_scores([0.0] * (CONTROLS + BYTES) + [-float(index) for index in range(WORDS)])
    model.add_unk_token_id(0)
    model.add_bos_token_id(1)
    model.add_eos_token_id(2)
    model.add_chat_template(
        "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}assistant:"
    )


def add_weights(model: gguf.GGUFWriter) -> None:
    output = weights(VOCABULARY, WIDTH)
    output[: CONTROLS + BYTES] = 0
    model.add_tensor("token_embd.weight", weights(VOCABULARY, WIDTH))
    model.add_tensor("output_norm.weight", np.ones(WIDTH, dtype=np.float32))
    model.add_tensor("output.weight", output)
    for layer in range(LAYERS):
        name = f"blk.{layer}."
        for part in ("attn_norm", "ffn_norm"):
            model.add_tensor(f"{name}{part}.weight", np.ones(WIDTH, dtype=np.float32))
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            model.add_tensor(f"{name}{part}.weight", weights(WIDTH, WIDTH))
        model.add_tensor(f"{name}ffn_gate.weight", weights(FEED_FORWARD, WIDTH))
        model.add_tensor(f"{name}ffn_up.weight", weights(FEED_FORWARD, WIDTH))
        model.add_tensor(f"{name}ffn_down.weight", weights(WIDTH, FEED_FORWARD))


model = gguf.GGUFWriter(sys.argv[1], "llama")
model.add_name("random")
model.add_context_length(CONTEXT)
model.add_embedding_length(WIDTH)
model.add_block_count(LAYERS)
model.add_feed_forward_length(FEED_FORWARD)
model.add_head_count(HEADS)
model.add_head_count_kv(HEADS)
model.add_rope_dimension_count(WIDTH // HEADS)
model.add_layer_norm_rms_eps(1e-5)
model.add_vocab_size(VOCABULARY)
add_vocabulary(model)
add_weights(model)
model.write_header_to_file()
model.write_kv_data_to_file()
model.write_tensors_to_file()
model.close()
