using TorchSharp;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>Gradient descent with Nesterov momentum; its buffers are part of every checkpoint.</summary>
/// <remarks>
/// buffer = momentum * buffer + gradient; weight -= rate * (gradient + momentum * buffer).
/// The same as TensorFlow's MomentumOptimizer(use_nesterov=True) and PyTorch's SGD(nesterov=True).
/// Source: Sutskever et al., ICML 2013.
/// </remarks>
internal sealed class NesterovMomentum : IDisposable
{
    private readonly (string Name, Tensor Weight, Tensor Buffer)[] _parameters;
    private readonly double _rate;
    private readonly double _momentum;

    public NesterovMomentum(nn.Module network, double rate, double momentum)
    {
        (_rate, _momentum) = (rate, momentum);
        _parameters = [.. network.named_parameters().Select(named =>
            (named.name, (Tensor)named.parameter, zeros_like(named.parameter, requires_grad: false).DetachFromDisposeScope()))];
    }

    /// <summary>Momentum buffers under the names of their parameters; they stay this object's.</summary>
    public IReadOnlyDictionary<string, Tensor> Buffers => _parameters.ToDictionary(p => p.Name, p => p.Buffer);

    /// <summary>Forgets the gradients of the step before.</summary>
    public void ZeroGradients()
    {
        foreach (var (_, weight, _) in _parameters)
        {
            using var gradient = weight.grad;
            gradient?.zero_();
        }
    }

    /// <summary>One update from the gradients that a backward pass left.</summary>
    public void Step()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (_, weight, buffer) in _parameters)
        {
            var gradient = weight.grad!;
            buffer.mul_(_momentum).add_(gradient);
            weight.add_(gradient.add(buffer, alpha: _momentum), alpha: -_rate);
        }
    }

    public void Dispose()
    {
        foreach (var (_, _, buffer) in _parameters) buffer.Dispose();
    }
}
