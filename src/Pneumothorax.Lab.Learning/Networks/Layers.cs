using Pneumothorax.Lab.Experiments.Runs;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Pneumothorax.Lab.Learning.Networks;

/// <summary>Convolution with normalization behind it: what all blocks are made of.</summary>
internal static class Layers
{
    private const int MostGroups = 8;

    /// <summary>"Same" padding; no bias where a normalization would take it out again.</summary>
    public static Conv2d Convolution(int from, int to, int kernel, Normalization normalization, int stride = 1) =>
        Conv2d(from, to, kernel_size: kernel, stride: stride, padding: kernel / 2, bias: normalization == Normalization.None);

    /// <returns>Null for none. Groups: the most, up to eight, that divide the channels.</returns>
    public static Module<Tensor, Tensor>? Norm(Normalization normalization, int channels) => normalization switch
    {
        Normalization.Batch => BatchNorm2d(channels),
        Normalization.Group => GroupNorm(Enumerable.Range(1, MostGroups).Last(groups => channels % groups == 0), channels),
        _ => null,
    };

    /// <summary>
    /// Convolution, then normalization. Where the maps are bfloat16, the float32 weights are rounded on the way in, and gradients come back
    /// to them as float32; a normalization computes in float32.
    /// </summary>
    /// <returns>Of the type of the maps.</returns>
    public static Tensor Apply(Conv2d convolution, Module<Tensor, Tensor>? norm, Tensor maps)
    {
        var type = maps.dtype;
        if (type != ScalarType.BFloat16)
        {
            var whole = convolution.call(maps);
            return norm is null ? whole : norm.call(whole);
        }
        var rounded = functional.conv2d(
            maps, convolution.weight!.to(type), convolution.bias?.to(type),
            [convolution.stride[0], convolution.stride[1]], [convolution.padding![0], convolution.padding[1]]);
        return norm is null ? rounded : norm.call(rounded.to(ScalarType.Float32)).to(type);
    }
}
