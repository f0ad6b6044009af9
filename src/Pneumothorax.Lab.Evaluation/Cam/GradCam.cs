using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Evaluation.Cam;

/// <summary>Every feature map times its mean gradient. Source: Selvaraju et al., ICCV 2017.</summary>
public sealed class GradCam : IExplanationMethod
{
    public string Word => "grad-cam";
    public string Title => "Grad-CAM";
    public string Unit => "logit units per place";
    public string Lesson => "Uses gradients, so it does not need a particular last layer. With pooling and one dense layer, each place of map k has the gradient w / (h · w). The result is the CAM without its negative part, divided by the number of places: the same picture, computed in another way.";

    public float[] Map(LastBlock block, MapTarget target) => LastBlock.PositivePart(block.Weigh(channel => MeanGradient(block, target, channel)));

    // The logit holds w · mean(A), and each of the h · w places has an equal share in a mean: all gradients of a channel are equal.
    private static double MeanGradient(LastBlock block, MapTarget target, int channel) => block.Weight(target, channel) / block.Places;
}
