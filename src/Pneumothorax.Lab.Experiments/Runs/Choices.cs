using System.Text.Json.Serialization;

namespace Pneumothorax.Lab.Experiments.Runs;

// The words are those of run.json, of the API and of the command line: never rename one.

/// <summary>How a gradient becomes a change of the weights. The laws and constants are PyTorch's.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Optimizer>))]
public enum Optimizer
{
    /// <summary>Gradient descent: rate times gradient, nothing remembered.</summary>
    [JsonStringEnumMemberName("sgd")] Sgd,
    /// <summary>A share of the step before goes on (Polyak).</summary>
    [JsonStringEnumMemberName("momentum")] Momentum,
    /// <summary>Momentum that looks ahead: the exercise's own.</summary>
    [JsonStringEnumMemberName("nesterov")] Nesterov,
    /// <summary>A rate for every weight, from running means of its gradient (0.9) and of its square (0.999).</summary>
    [JsonStringEnumMemberName("adam")] Adam,
    /// <summary>Adam whose weight decay shrinks the weights themselves and not the gradient.</summary>
    [JsonStringEnumMemberName("adamw")] AdamW,
}

/// <summary>What becomes of the learning rate over a run, after its warm-up.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Schedule>))]
public enum Schedule
{
    [JsonStringEnumMemberName("constant")] Constant,
    /// <summary>Multiplied by a factor after every so many steps.</summary>
    [JsonStringEnumMemberName("step")] Step,
    /// <summary>Half a cosine wave, from the whole rate down to almost nothing at the last step.</summary>
    [JsonStringEnumMemberName("cosine")] Cosine,
}

/// <summary>How much an image of each class counts in the loss.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClassWeighting>))]
public enum ClassWeighting
{
    /// <summary>Every image the same, so that a rare class has little say.</summary>
    [JsonStringEnumMemberName("none")] None,
    /// <summary>Both classes the same in sum, however many images each has.</summary>
    [JsonStringEnumMemberName("balanced")] Balanced,
}

/// <summary>The numbers that convolutions multiply while training. Weights are kept, and results computed, in float32 with each.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Precision>))]
public enum Precision
{
    [JsonStringEnumMemberName("float32")] Full,
    /// <summary>Ten bits of mantissa inside an NVIDIA GPU's products (Ampere and later); the same as float32 elsewhere.</summary>
    [JsonStringEnumMemberName("tf32")] TF32,
    /// <summary>Seven bits of mantissa; half the memory for feature maps.</summary>
    [JsonStringEnumMemberName("bfloat16")] BFloat16,
}

/// <summary>What a block does with its input beside its convolutions.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Skip>))]
public enum Skip
{
    [JsonStringEnumMemberName("sum")] Sum,
    [JsonStringEnumMemberName("none")] None,
}

/// <summary>What steadies the scale of feature maps after each convolution.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Normalization>))]
public enum Normalization
{
    [JsonStringEnumMemberName("none")] None,
    /// <summary>Mean 0 and deviation 1 of each map over the batch; running means take over outside training.</summary>
    [JsonStringEnumMemberName("batch")] Batch,
    /// <summary>The same over groups of maps of one image: no matter how small the batch.</summary>
    [JsonStringEnumMemberName("group")] Group,
}
