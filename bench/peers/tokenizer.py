"""Writes a tiny byte-level BPE tokenizer, trained on one sentence, as transformers reads it: tokenizer.py DIR."""

import json
import pathlib
import sys

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

directory = pathlib.Path(sys.argv[1])
directory.mkdir(parents=True, exist_ok=True)

tokenizer = Tokenizer(models.BPE(unk_token=None))
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
trainer = trainers.BpeTrainer(
    vocab_size=400,
    special_tokens=["<s>", "</s>", "<pad>"],
    initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    show_progress=False,
)
tokenizer.train_from_iterator(["the quick brown fox counts to sixty four and then it counts again"], trainer)
tokenizer.save(str(directory / "tokenizer.json"))

config = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "bos_token": "<s>",
    "eos_token": "</s>",
    "pad_token": "<pad>",
    "model_max_length": 1_000_000,
    "chat_template": "{% for message in messages %}{{ message['content'] }}{% endfor %}",
}
(directory / "tokenizer_config.json").write_text(json.dumps(config))
